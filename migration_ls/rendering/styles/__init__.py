"""Plans in the form that each runner of migrations takes."""
