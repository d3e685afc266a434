"""Every statistic beside R's, as docs/validation.md. The numbers of R are those kept in tests/golden and
statistics.json; nothing here runs R."""
