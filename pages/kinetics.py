from pages.frame import page

page.open_page("kinetics")
cohort, grouping = page.selected_or_stop("patients")
