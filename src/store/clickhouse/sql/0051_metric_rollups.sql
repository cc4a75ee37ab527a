-- What points come to in five minutes, an hour and a day, and which series had points on a day and
-- in a month (docs/decisions/054-roll-ups.md). A projection belongs to its part of the table: it
-- comes, merges and goes with the points that it is made of, so it never says anything else.
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
    ADD PROJECTION IF NOT EXISTS of_days (SELECT name, series, toStartOfDay(time),
        count(), min(kind), sum(value), min(value), max(value),
        sum(if(kind = 2, value * interval, value)), sum(if(kind = 1, value / greatest(interval, 1), value)),
        sum(count), sum(sum), minIf(min, kind = 4), maxIf(max, kind = 4), sumMap(bin_keys, bin_counts)
        GROUP BY name, series, toStartOfDay(time)),
    ADD PROJECTION IF NOT EXISTS series_of_days (SELECT name, toStartOfDay(time), series, host, tags
        GROUP BY name, toStartOfDay(time), series, host, tags),
    ADD PROJECTION IF NOT EXISTS series_of_months (SELECT name, toStartOfMonth(time), series, host, tags
        GROUP BY name, toStartOfMonth(time), series, host, tags);
-- optional: servers that do not know these settings make projections with every insert, which costs
-- more and says the same.
ALTER TABLE metrics MODIFY SETTING materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;
-- Of what is there already, in the background.
ALTER TABLE metrics
    MATERIALIZE PROJECTION of_five_minutes, MATERIALIZE PROJECTION of_hours, MATERIALIZE PROJECTION of_days,
    MATERIALIZE PROJECTION series_of_days, MATERIALIZE PROJECTION series_of_months;
