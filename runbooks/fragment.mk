# runbooks
