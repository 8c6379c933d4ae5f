"""The Spark cluster that tests run on: a master and two workers in processes of their own, on this machine."""

CLUSTER = "local-cluster[2,1,1024]"
