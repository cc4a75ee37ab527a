// A downtime as a form: whom, when, and what it would do, asked while it is written.
import { createSignal, For, type JSX, Show, untrack } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { Downtime, Effect, Wanted } from '../api/downtimes';
import type { Monitor } from '../api/monitors';
import { tDowntimes } from '../i18n/downtimes';
import {
  type Draft, draftOf, emptyDraft, readRule, type Repeat, repeats, ruleOf, type Unit, units,
  wantedOf, weekDays,
} from '../lib/downtime';
import { oneLine } from '../lib/text';
import { localAt, zoneHere, zones } from '../lib/zone';
import { EffectOf } from './DowntimeEffect';

type Set = (change: Partial<Draft>) => void;

function Choice<T extends string>(props: {
  label: string; name: string; value: T; all: readonly T[]; words: Record<T, string>;
  onChoose: (value: T) => void;
}): JSX.Element {
  return (
    <label>{props.label}
      <select name={props.name} onChange={(event) => {
        props.onChoose(event.currentTarget.value as T);
      }}>
        <For each={props.all}>{(one) => (
          <option value={one} selected={one === props.value}>{props.words[one]}</option>)}</For>
      </select></label>
  );
}

function Field(props: {
  label: string; name: string; type: string; value: string | number; help?: string; min?: number;
  required?: boolean; list?: string; class?: string; onInput: (value: string) => void;
}): JSX.Element {
  return (
    <label class={props.class}>{props.label}
      <input name={props.name} type={props.type} value={props.value} min={props.min}
        required={props.required} list={props.list} autocomplete="off" spellcheck={false}
        onInput={(event) => { props.onInput(event.currentTarget.value); }} />
      <Show when={props.help}><span class="quiet">{props.help}</span></Show></label>
  );
}

function Whom(props: { draft: Draft; set: Set; monitors: Monitor[] }): JSX.Element {
  const words = () => tDowntimes();
  return (
    <>
      <Choice label={words().whom} name="by" value={props.draft.by} all={['monitor', 'tags']}
        words={{ monitor: words().one, tags: words().tagged }}
        onChoose={(by) => { props.set({ by }); }} />
      <Show when={props.draft.by === 'monitor'} fallback={
        <Field label={words().tags} name="tags" type="text" required value={props.draft.tags}
          onInput={(tags) => { props.set({ tags }); }} />}>
        <label>{words().monitor}
          <select name="monitor" required onChange={(event) => {
            props.set({ monitor: event.currentTarget.value });
          }}>
            <option value="">{words().choose}</option>
            <For each={props.monitors}>{(one) => (
              <option value={one.id} selected={String(one.id) === props.draft.monitor}>
                {oneLine(one.name)}</option>)}</For>
          </select></label>
      </Show>
      <Field class="wide" label={words().scope} name="scope" type="text" value={props.draft.scope}
        help={words().scopeHelp} onInput={(scope) => { props.set({ scope }); }} />
    </>
  );
}

function Days(props: { draft: Draft; set: Set }): JSX.Element {
  const words = () => tDowntimes();
  return (
    <fieldset class="week-days">
      <legend>{words().days}</legend>
      <For each={weekDays}>{(day) => (
        <label><input type="checkbox" name={`day-${day}`} checked={props.draft.days.includes(day)}
          onChange={(event) => {
            const others = props.draft.days.filter((one) => one !== day);
            props.set({ days: event.currentTarget.checked ? [...others, day] : others });
          }} /> {words().dayNames[day]}</label>)}</For>
    </fieldset>
  );
}

function Repeated(props: { draft: Draft; set: Set }): JSX.Element {
  const words = () => tDowntimes();
  const number = (value: string) => Math.max(1, Math.floor(Number(value) || 1));
  return (
    <>
      <Field label={words().lasts} name="lasts" type="number" min={1} required
        value={props.draft.lasts} onInput={(value) => { props.set({ lasts: number(value) }); }} />
      <Choice label={words().unit} name="unit" value={props.draft.unit} all={units}
        words={words().units} onChoose={(unit: Unit) => { props.set({ unit }); }} />
      <Show when={props.draft.repeat !== 'rule' && props.draft.repeat !== 'once'}>
        <Field label={words().every[props.draft.repeat as 'daily']} name="every" type="number"
          min={1} value={props.draft.every}
          onInput={(value) => { props.set({ every: number(value) }); }} />
        <Show when={props.draft.repeat === 'weekly'}>
          <Days draft={props.draft} set={props.set} /></Show>
        <Show when={props.draft.repeat === 'monthly'}>
          <Choice label={words().monthBy} name="month_by" value={props.draft.monthBy}
            all={['day', 'weekday']} words={words().monthBys}
            onChoose={(monthBy) => { props.set({ monthBy }); }} /></Show>
        <Choice label={words().ends} name="ends" value={props.draft.ends}
          all={['never', 'date', 'count']} words={words().endsHow}
          onChoose={(ends) => { props.set({ ends }); }} />
        <Show when={props.draft.ends === 'date'}>
          <Field label={words().lastDate} name="until" type="date" required
            value={props.draft.until} onInput={(until) => { props.set({ until }); }} /></Show>
        <Show when={props.draft.ends === 'count'}>
          <Field label={words().times} name="count" type="number" min={1} required
            value={props.draft.count}
            onInput={(value) => { props.set({ count: number(value) }); }} /></Show>
      </Show>
      <Field class="wide mono-field" label={words().rule} name="rule" type="text" required
        value={props.draft.rule} help={words().ruleHelp}
        onInput={(rule) => { props.set({ repeat: 'rule', rule }); }} />
    </>
  );
}

function When(props: { draft: Draft; set: Set }): JSX.Element {
  const words = () => tDowntimes();
  const once = () => props.draft.repeat === 'once';
  // What repeats begins at a time that is said.
  const repeat = (next: Repeat) => {
    const start = props.draft.start || localAt(Date.now(), props.draft.zone);
    props.set(next === 'once' ? { repeat: next } : { repeat: next, start });
  };
  return (
    <>
      <Choice label={words().repeat} name="repeat" value={props.draft.repeat} all={repeats}
        words={words().repeats} onChoose={repeat} />
      <Field label={words().start} name="start" type="datetime-local" value={props.draft.start}
        required={!once()} {...(once() ? { help: words().startEmpty } : {})}
        onInput={(start) => { props.set({ start }); }} />
      <Show when={once()}>
        <Field label={words().end} name="end" type="datetime-local" value={props.draft.end}
          help={words().endEmpty} onInput={(end) => { props.set({ end }); }} /></Show>
      <Field label={words().zone} name="zone" type="text" required list="time-zones"
        value={props.draft.zone} onInput={(zone) => { props.set({ zone }); }} />
      <datalist id="time-zones"><For each={zones()}>{(zone) => <option value={zone} />}</For>
      </datalist>
      <Show when={!once()}><Repeated draft={props.draft} set={props.set} /></Show>
    </>
  );
}

export function DowntimeForm(props: {
  before: Downtime | null; monitors: Monitor[]; monitor: string;
  ask: (wanted: Wanted) => Promise<Effect>; onSave: (wanted: Wanted) => void; onStop: () => void;
}): JSX.Element {
  const words = () => tDowntimes();
  const before = untrack(() => props.before);
  const [draft, setDraft] = createStore<Draft>(before ? draftOf(before, Date.now())
    : { ...emptyDraft(Date.now(), zoneHere()), monitor: untrack(() => props.monitor) });
  const [wanted, setWanted] = createSignal<Wanted | null>(null);
  const set: Set = (change) => {
    setDraft(change);
    // The rule follows the fields, unless it is what was written.
    if (!('rule' in change)) setDraft('rule', ruleOf(draft));
    else setDraft(readRule(draft.rule, draft.start));
    setWanted(isWhole() ? wantedOf(draft, before) : null);
  };
  const isWhole = () => (draft.by === 'monitor' ? draft.monitor : draft.tags.trim()) !== '' &&
    (draft.repeat === 'once' || (draft.start !== '' && draft.rule !== ''));
  if (untrack(isWhole)) setWanted(wantedOf(draft, before));
  const others = () => (before?.attributes.schedule.recurrences?.length ?? 1) - 1;
  return (
    <form class="monitor-form downtime-form" data-testid="downtime-form" onSubmit={(event) => {
      event.preventDefault();
      props.onSave(wantedOf(draft, before));
    }}>
      <Whom draft={draft} set={set} monitors={props.monitors} />
      <When draft={draft} set={set} />
      <Show when={draft.repeat !== 'once' && others() > 0}>
        <p class="wide quiet">{words().others(others())}</p></Show>
      <label class="wide">{words().message}
        <textarea name="message" rows={2} onInput={(event) => {
          set({ message: event.currentTarget.value });
        }}>{before?.attributes.message ?? ''}</textarea></label>
      <label class="wide check"><input type="checkbox" name="quiet" checked={draft.quiet}
        onChange={(event) => { set({ quiet: event.currentTarget.checked }); }} />
        <span>{words().quiet}</span></label>
      <Show when={wanted()}>
        {(one) => <EffectOf wanted={one()} ask={props.ask} zone={draft.zone} />}</Show>
      <button type="submit" class="primary">{words().save}</button>
      <button type="button" class="button" onClick={() => { props.onStop(); }}>
        {words().stop}</button>
    </form>
  );
}
