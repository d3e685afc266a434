from pages.frame import page

page.open_page("toxicity")
cohort, grouping = page.selected_or_stop("patients")
