from pages.frame import page

page.open_page("baseline")
cohort, grouping = page.selected_or_stop("patients")
