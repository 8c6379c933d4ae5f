# What R says of the answers that tests/analysis/consult/r_data.py makes, and of three open data sets.
# Usage: Rscript golden.R DIR   (DIR holds answers.csv, ratings.csv and sample.csv; golden.json and the open sets are written into it)
# Packages: psych, psychTools, survey, lavaan, GPArotation, jsonlite. They are GPL: only their numbers are kept, never their code.
suppressPackageStartupMessages({ library(psych); library(survey); library(lavaan); library(jsonlite); library(GPArotation) })
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) read.csv(file.path(folder, name))
versions <- c(R = paste(R.version$major, R.version$minor, sep = "."),
              sapply(c("psych", "survey", "lavaan", "GPArotation"), function(p) as.character(packageVersion(p))))

scale_numbers <- function(x) {
  a <- suppressWarnings(psych::alpha(x, check.keys = FALSE, warnings = FALSE))
  s <- cov(x)
  one <- psych::fa(cor(x), nfactors = 1, fm = "ml", n.obs = nrow(x))
  loading <- as.vector(one$loadings) * sqrt(diag(s)); unique <- as.vector(one$uniquenesses) * diag(s)
  feldt <- psych::alpha.ci(a$total$raw_alpha, n.obs = nrow(x), n.var = ncol(x), p.val = 0.05, digits = 12)
  list(alpha = a$total$raw_alpha, low = feldt$lower.ci[[1]], high = feldt$upper.ci[[1]], rest = a$item.stats$r.drop,
       without = a$alpha.drop$raw_alpha, omega = sum(loading)^2 / (sum(loading)^2 + sum(unique)))
}
fit_numbers <- function(fit) {
  m <- fitMeasures(fit, c("chisq", "df", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr", "srmr_bentler_nomean", "aic", "bic"))
  as.list(m)
}
model_of <- function(names, per) {
  groups <- split(names, rep(seq_len(length(names) / per), each = per))
  paste(sapply(seq_along(groups), function(g) paste0("f", g, " =~ ", paste(groups[[g]], collapse = " + "))), collapse = "\n")
}
invariance_numbers <- function(model, data, group) {
  held <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"), strict = c("loadings", "intercepts", "residuals"))
  lapply(held, function(equal) fit_numbers(cfa(model, data = data, group = group, group.equal = equal, std.lv = FALSE)))
}

# Answers made by arithmetic
answers <- read("answers.csv"); group <- answers$group; items <- answers[, 1:12]
first <- items[, 1:4]
ml <- psych::fa(items, nfactors = 3, fm = "ml", rotate = "oblimin")
minres <- psych::fa(items, nfactors = 3, fm = "minres", rotate = "varimax")
model <- model_of(names(items), 4)
cfa_fit <- cfa(model, data = items, std.lv = TRUE)
out <- list(
  versions = as.list(versions),
  scale = scale_numbers(first),
  kmo = psych::KMO(items)$MSA, kmo_each = unname(psych::KMO(items)$MSAi),
  bartlett = psych::cortest.bartlett(cor(items), n = nrow(items))[c("chisq", "df")],
  oblimin = list(loadings = unclass(ml$loadings)[, ], factors = ml$Phi, chi_square = ml$STATISTIC, df = ml$dof),
  varimax = list(loadings = unclass(minres$loadings)[, ], uniquenesses = unname(minres$uniquenesses)),
  polychoric = suppressMessages(psych::polychoric(first, correct = 0, smooth = FALSE))$rho,
  cfa = c(fit_numbers(cfa_fit), list(standardised = standardizedSolution(cfa_fit)$est.std[1:12])),
  invariance = invariance_numbers(model, cbind(items, group = group), "group")
)

# Judges
ratings <- read("ratings.csv")
icc <- psych::ICC(ratings, lmer = FALSE)$results
out$icc <- list(value = icc$ICC, low = icc$`lower bound`, high = icc$`upper bound`)
kappa <- psych::cohen.kappa(ratings[, 1:2])
linear <- psych::cohen.kappa(ratings[, 1:2], w = 1 - abs(outer(1:5, 1:5, "-")) / 4)
out$kappa <- list(plain = kappa$kappa, quadratic = kappa$weighted.kappa, linear = linear$weighted.kappa, error = sqrt(kappa$var.kappa))

# A stratified cluster sample
sample <- read("sample.csv")
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = sample)
pop <- list(data.frame(a = 0:2, Freq = c(3000, 2500, 2600)), data.frame(b = 0:3, Freq = c(2000, 2300, 1700, 2100)))
raked <- rake(design, list(~a, ~b), pop, control = list(maxit = 200, epsilon = 1e-12, verbose = FALSE))
post <- postStratify(design, ~a, pop[[1]])
jack <- as.svrepdesign(design, type = "JKn")
jack_raked <- rake(jack, list(~a, ~b), pop, control = list(maxit = 200, epsilon = 1e-12, verbose = FALSE))
pair <- function(s) c(as.numeric(coef(s))[1], as.numeric(SE(s))[1])
domain <- function(d) subset(d, domain == 1)
share <- svyciprop(~I(a == 1), design, method = "logit")
half <- svyquantile(~y, design, c(0.25, 0.5, 0.9), interval.type = "mean")
out$sample <- list(
  mean = pair(svymean(~y, design)), total = pair(svytotal(~y, design)), ratio = pair(svyratio(~y, ~z, design)),
  domain = pair(svymean(~y, domain(design))), raked_mean = pair(svymean(~y, raked)), raked_total = pair(svytotal(~y, raked)),
  raked_domain = pair(svymean(~y, domain(raked))), post_mean = pair(svymean(~y, post)),
  jkn_mean = pair(svymean(~y, jack)), jkn_raked_mean = pair(svymean(~y, jack_raked)),
  design_effect = as.numeric(deff(svymean(~y, design, deff = TRUE))),
  share = c(as.numeric(share), attr(share, "ci")), quantiles = unname(half$y[, "quantile"]),
  raked_weights = head(weights(raked), 12)
)

# Open data: bfi (psychTools), Holzinger and Swineford (lavaan), the schools of California (survey)
data(bfi, package = "psychTools"); whole <- na.omit(bfi[, 1:25])
reversed <- c("A1", "C4", "C5", "E1", "E2", "O2", "O5"); turned <- whole; turned[, reversed] <- 7 - turned[, reversed]
scales <- split(names(whole), rep(1:5, each = 5))
bfi_fit <- cfa(model_of(names(turned), 5), data = turned, std.lv = TRUE)
out$bfi <- list(people = nrow(turned), covariance = cov(turned), scales = lapply(unname(scales), function(n) scale_numbers(turned[, n])),
                kmo = psych::KMO(turned)$MSA, bartlett = psych::cortest.bartlett(cor(turned), n = nrow(turned))[c("chisq", "df")],
                cfa = fit_numbers(bfi_fit))
hs <- HolzingerSwineford1939; hs_model <- model_of(paste0("x", 1:9), 3)
out$holzinger <- list(cfa = fit_numbers(cfa(hs_model, data = hs, std.lv = TRUE)), invariance = invariance_numbers(hs_model, hs, "school"))
data(api); api <- apistrat
api_design <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = api)
api_pop <- list(data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018)), data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122)))
api_raked <- rake(svydesign(ids = ~1, weights = ~pw, data = api), list(~stype, ~sch.wide), api_pop,
                  control = list(maxit = 200, epsilon = 1e-12, verbose = FALSE))
out$api <- list(mean = pair(svymean(~api00, api_design)), total = pair(svytotal(~enroll, api_design)),
                ratio = pair(svyratio(~api.stu, ~enroll, api_design)), raked_mean = pair(svymean(~api00, api_raked)),
                raked_total = pair(svytotal(~enroll, api_raked)), quantiles = unname(svyquantile(~api00, api_design, c(0.25, 0.5, 0.9))$api00[, "quantile"]))
write.csv(api[, c("stype", "sch.wide", "api00", "enroll", "api.stu", "pw", "fpc")], file.path(folder, "api.csv"), row.names = FALSE)
write(toJSON(out, digits = NA, auto_unbox = TRUE, matrix = "rowmajor"), file.path(folder, "golden.json"))
