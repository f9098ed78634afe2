-- Old keys of restocks are deleted in the order of their age (meridian.retention.stock-changes).
CREATE INDEX stock_changes_by_age ON stock_changes (changed_at);
