"""The warm process that submissions are forked from, shut in as the machine allows; why a machine doesn't allow it."""
