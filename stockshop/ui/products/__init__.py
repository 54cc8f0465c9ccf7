"""The product on screen: its sheet, its forms, its ledger."""
