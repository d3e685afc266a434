# The numbers of tests/intake/layouts.py. R 4.2, survival.
library(survival)
months <- c(2.5, 9, 5, 21.5, 8.5, 12, 18, 9.5, 4, 24, 11, 26.5, 16.5, 19, 22, 30)
dead <- c(1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0)
arm <- rep(c("A", "B"), each = 8)
print(summary(survfit(Surv(months, dead) ~ 1))$table)
print(summary(survfit(Surv(months, dead) ~ arm))$table)
