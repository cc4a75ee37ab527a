// The answer to what a widget asks.
import { api } from '../api/client';
import { dashboardsApi, type MetricLine } from '../api/dashboards';
import { evaluatorsApi } from '../api/evaluators';
import { eventsApi } from '../api/events';
import type { Question } from '../lib/dashboard';
import { evaluationLines, evaluationTable } from '../lib/evaluation_lines';
import { oneLine } from '../lib/text';
import type { Range } from '../lib/url_state';
import type { Line } from '../lib/chart';
import type { Asked, DrawnRequest } from '../lib/widget_asks';
import { type Answer, tableOf } from '../lib/widget_data';

const streamRows = 50;
const eventRows = 100;
const marksMax = 200;

const nameOf = (question: Question, line: MetricLine): string =>
  [question.name, line.scope === '*' ? '' : line.scope].filter((one) => one !== '').join(' ') ||
  oneLine(line.expression);

async function linesOf(question: Question, { fromMs, toMs }: Range) {
  const lines = await dashboardsApi.lines(question.text, fromMs, toMs);
  return lines.map((line) => ({
    name: nameOf(question, line), display: question.display, points: line.pointlist,
    stepMs: line.interval * 1000,
  }));
}

async function drawnLines(request: DrawnRequest, { fromMs, toMs }: Range): Promise<Line[]> {
  const { series, times, values } = await dashboardsApi.drawn(request, fromMs, toMs);
  return series.map((one, at) => ({
    name: [request.formulas[one.query_index]?.name ?? '', one.group_tags.join(',')]
      .filter((word) => word !== '').join(' '),
    display: request.display,
    points: times.map((time, i): [number, number | null] => [time, values[at]?.[i] ?? null]),
    stepMs: (times[1] ?? 0) - (times[0] ?? 0),
  }));
}

export async function answerTo(asked: Asked, range: Range): Promise<Answer | undefined> {
  switch (asked.how) {
    case 'lines': {
      const events = Promise.all((asked.events ?? []).map((one) =>
        eventsApi.list(one, range.fromMs, range.toMs, marksMax)));
      const lines = await Promise.all([
        ...asked.questions.map((one) => linesOf(one, range)),
        ...(asked.drawn ?? []).map((one) => drawnLines(one, range)),
      ]);
      return { how: 'lines', lines: lines.flat(), events: (await events).flat() };
    }
    case 'scalar': {
      const answers = await Promise.all(asked.requests.map((one) =>
        dashboardsApi.scalars(one, range.fromMs, range.toMs)));
      return { how: 'scalar', table: tableOf(asked.requests, answers) };
    }
    case 'histogram':
      return {
        how: 'histogram',
        heat: await dashboardsApi.histogram(asked.query, range.fromMs, range.toMs),
      };
    case 'stream': {
      const query = new URLSearchParams({
        view: asked.view, from: String(Math.floor(range.fromMs)), to: String(Math.ceil(range.toMs)),
        limit: String(streamRows), sort: asked.sort,
      });
      if (asked.query) query.set('query', asked.query);
      const page = await api.rows(asked.view, query);
      return { how: 'stream', rows: page.rows, more: page.next !== null };
    }
    case 'evaluations': {
      const counts = await Promise.all(asked.queries.map(({ mlApp }) =>
        evaluatorsApi.counts(new URLSearchParams({
          from: String(Math.floor(range.fromMs)), to: String(Math.ceil(range.toMs)),
          ...(mlApp ? { ml_app: mlApp } : {}),
        }))));
      return asked.isTable
        ? { how: 'scalar', table: evaluationTable(asked.queries, counts) }
        : { how: 'lines', lines: evaluationLines(asked.queries, counts) };
    }
    case 'events': {
      const events = await eventsApi.list(asked.query, range.fromMs, range.toMs, eventRows);
      return {
        how: 'events', events: events.slice(0, eventRows), more: events.length > eventRows,
      };
    }
    case 'timeline': {
      const { counts, step } = await eventsApi.counts(asked.query, range.fromMs, range.toMs);
      return { how: 'timeline', counts, stepMs: step * 1000 };
    }
    case 'checks':
      return { how: 'checks', ...await eventsApi.checks(
        asked.check, asked.queries.join(' '), range.fromMs, range.toMs) };
    case 'other': case 'nothing': return undefined;
  }
}
