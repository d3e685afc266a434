# Time-dependent exposure as a workbook states it: days of starting, endpoints in days or months. Run in this folder.
library(survival)
split_rows <- function(time, event, start) do.call(rbind, lapply(seq_along(time), function(i) {
  if (is.na(start[i]) || start[i] >= time[i]) return(data.frame(id = i, s = 0, e = time[i], ev = event[i], v = 0))
  if (start[i] <= 0) return(data.frame(id = i, s = 0, e = time[i], ev = event[i], v = 1))
  rbind(data.frame(id = i, s = 0, e = start[i], ev = 0, v = 0), data.frame(id = i, s = start[i], e = time[i], ev = event[i], v = 1))
}))
numbers <- function(time, event, start, at) {
  rows <- split_rows(time, event, start)
  fit <- summary(coxph(Surv(s, e, ev) ~ v, rows))
  curve <- function(v) summary(survfit(Surv(s, e, ev) ~ 1, rows[rows$v == v, ]), times = at, extend = TRUE)
  list(n = length(time), exposed = length(unique(rows$id[rows$v == 1])),
    hr = unname(fit$conf.int[1, 1]), lower = unname(fit$conf.int[1, 3]), upper = unname(fit$conf.int[1, 4]),
    p_wald = unname(fit$coefficients[1, 5]), p_mantel_byar = unname(fit$sctest[3]), at = at,
    unexposed = curve(0)$surv, exposed_curve = curve(1)$surv)
}
heart <- read.csv("heart_wide.csv")
out <- list(heart = numbers(heart$futime, heart$event, heart$exposure_day, c(30, 100, 300)))
rows <- read.csv("../../data/source/reconstruction.csv")
start <- round(read.csv("../../data/source/patients.csv")$maintenance_start_month * 30.4375) / 30.4375
for (endpoint in c("ttp", "os"))
  out[[endpoint]] <- numbers(rows[[paste0(endpoint, "_months")]], rows[[paste0(endpoint, "_event")]], start, c(3, 6, 9))
json <- function(x) if (is.list(x)) paste0("{", paste0("\"", names(x), "\": ", vapply(x, json, ""), collapse = ", "), "}") else {
  text <- ifelse(is.na(x), "null", formatC(x, digits = 10, format = "g", width = 1)); if (length(x) > 1) paste0("[", paste(text, collapse = ", "), "]") else text }
writeLines(json(out), "golden_time_zero.json")
