-- What points come to in five minutes and an hour, and which series had points on a day
-- (docs/decisions/054-roll-ups.md). A projection belongs to its part of the table: it comes, merges
-- and goes with the points that it is made of, so it never says anything else. Parts of before have
-- none, and are read as points.
ALTER TABLE metrics
    ADD PROJECTION IF NOT EXISTS of_five_minutes (SELECT name, series, toStartOfFiveMinutes(time),
        count(), min(kind), sum(value), min(value), max(value),
        sum(if(kind = 2, value * interval, value)), sum(if(kind = 1, value / greatest(interval, 1), value)),
        sum(count), sum(sum), minIf(min, kind = 4), maxIf(max, kind = 4), sumMap(bin_keys, bin_counts)
        GROUP BY name, series, toStartOfFiveMinutes(time)),
    ADD PROJECTION IF NOT EXISTS of_hours (SELECT name, series, toStartOfHour(time),
        count(), min(kind), sum(value), min(value), max(value),
        sum(if(kind = 2, value * interval, value)), sum(if(kind = 1, value / greatest(interval, 1), value)),
        sum(count), sum(sum), minIf(min, kind = 4), maxIf(max, kind = 4), sumMap(bin_keys, bin_counts)
        GROUP BY name, series, toStartOfHour(time)),
    ADD PROJECTION IF NOT EXISTS series_of_days (SELECT name, toStartOfDay(time), series, host, tags
        GROUP BY name, toStartOfDay(time), series, host, tags);
