"""What stands before the first customer comes: companies, people, articles, menus, customers with vehicles."""
