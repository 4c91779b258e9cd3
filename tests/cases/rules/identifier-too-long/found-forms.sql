-- expect: information@2 information@3
ALTER TABLE tasks ADD COLUMN a_column_whose_name_goes_on_and_on_until_nobody_can_read_it_any_more text;
ALTER TABLE tasks ADD COLUMN "größe_größe_größe_größe_größe_größe_größe_größe_größe" text;
