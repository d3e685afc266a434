"""Groups at a day, and every test beside the default one."""
