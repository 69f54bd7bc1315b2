"""What tests share: small models, made-up files, strategies for Hypothesis, servers and browsers."""
