"""Sites, zones and bins on screen: the tree, and the form over one place."""
