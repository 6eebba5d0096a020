"""Goods on their way: shipments of an order, whole or in part, by own delivery or a carrier. Owns Shipment and its lines."""
