"""Every statistic of survival beside R's, as docs/validation.md. The numbers of R are those kept in tests/golden; nothing here runs R."""
