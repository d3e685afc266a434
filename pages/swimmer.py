from pages.frame import page

page.open_page("swimmer")
cohort, grouping = page.selected_or_stop("patients")
