"""Operations and plans as SQL."""
