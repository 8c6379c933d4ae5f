# Scores of data envelopment analysis by lp_solve (R package lpSolve, Debian: r-cran-lpsolve), the engine that R's Benchmarking uses.
# Benchmarking itself keeps one model warm between units through lpSolveAPI, which Debian does not have: it is faster than this.
# Usage: Rscript frontier.R data.csv scores.csv ; data: x1..xm, y1..ys with a header; prints the seconds of the solving alone.
library(lpSolve)
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
x <- as.matrix(data[grepl("^x", names(data))])
y <- as.matrix(data[grepl("^y", names(data))])
n <- nrow(x)
scores <- numeric(n)
directions <- c(rep(">=", ncol(x)), rep(">=", ncol(y)), "=")
seconds <- system.time(for (o in seq_len(n)) {
  rows <- rbind(cbind(x[o, ], -t(x)), cbind(0, t(y)), c(0, rep(1, n)))
  scores[o] <- lp("min", c(1, rep(0, n)), rows, directions, c(rep(0, ncol(x)), y[o, ], 1))$objval
})[["elapsed"]]
write.table(sprintf("%.17g", scores), arguments[2], row.names = FALSE, col.names = FALSE, quote = FALSE)
cat(sprintf("%.3f\n", seconds))
