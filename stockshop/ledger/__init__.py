"""The truth about stock: posting, balances, costing and their audit."""
