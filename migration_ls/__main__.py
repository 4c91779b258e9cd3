"""`python -m migration_ls` is `migration-ls`."""

from migration_ls.cli.main import main

if __name__ == "__main__":
    main()
