import { Alert, App, Button, Input, InputNumber, Select, Tag } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type {
  CalendarList,
  CalendarYearView,
  Reckoned,
  YearPreview,
} from "../../server/api/calendars/calendars.schema.ts";
import { api, ApiProblem, query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { chinaTime } from "../parts/time.ts";

const country = "000000";
const units = ["workday", "workhour", "day", "hour"] as const;

/** Working-day calendars: a year as a region sees it, importing an official year, and trying a limit. */
export function CalendarsScreen() {
  const { t } = useText();
  const [search, setSearch] = useSearchParams();
  const list = useApi<CalendarList>("/api/calendars");
  const region = search.get("region") ?? country;
  const year = search.get("year") ?? "2027";
  const choose = (choice: { region?: string; year?: string }) => setSearch({ region, year, ...choice });
  return (
    <Page title={t("menuCalendars")}>
      <Loaded result={list}>
        {({ regions, changes }) => (
          <>
            <div className="row">
              <label htmlFor="calendar-region">{t("region")}</label>
              <Select
                id="calendar-region"
                showSearch
                optionFilterProp="label"
                value={region}
                onChange={(chosen: string) => choose({ region: chosen })}
                options={regions.map(({ region: code, name }) => ({ value: code, label: `${name} ${code}` }))}
                style={{ minWidth: 220 }}
              />
              <label htmlFor="calendar-year">{t("year")}</label>
              <InputNumber
                id="calendar-year"
                min={2023}
                max={2035}
                value={Number(year)}
                onChange={(chosen) => chosen !== null && choose({ year: String(chosen) })}
              />
            </div>
            <Year region={region} year={year} />
            <TryIt region={region} />
            <Changes changes={changes} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Year({ region, year }: { region: string; year: string }) {
  const { t, term } = useText();
  const view = useApi<CalendarYearView>(`/api/calendars/${region}/years/${year}`);
  return (
    <section className="card">
      <Loaded result={view}>
        {(data) => (
          <>
            <h2>
              {data.year}{" "}
              <Tag color={data.status === "official" ? "success" : "warning"}>{term(`year_${data.status}`)}</Tag>
            </h2>
            <p className="muted">
              {t("workingDaysOfYear", { count: data.workingDays })} · {t("officeHours")}{" "}
              {data.hours.map((span) => span.join("–")).join(" ")} · {t("cutoff")} {data.cutoff}
            </p>
            {data.days.length === 0 && <p>{t("noListedDays")}</p>}
            <div className="months">
              {months.map((month) => (
                <Month
                  key={month}
                  month={month}
                  days={data.days.filter(({ date }) => Number(date.slice(5, 7)) === month)}
                />
              ))}
            </div>
            {data.mayEdit && <Import region={region} year={year} />}
          </>
        )}
      </Loaded>
    </section>
  );
}

const months = Array.from({ length: 12 }, (_, index) => index + 1);

function Month({ month, days }: { month: number; days: CalendarYearView["days"] }) {
  const { t } = useText();
  if (days.length === 0) return null;
  return (
    <div>
      <strong>{t("monthName", { count: month })}</strong>
      <ul>
        {days.map(({ date, kind, name }) => (
          <li key={date}>
            {date.slice(5)} {name}{" "}
            <Tag color={kind === "holiday" ? "success" : "processing"}>
              {t(kind === "holiday" ? "holiday" : "madeUp")}
            </Tag>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The file's text, what it would do, and putting it into force. */
function Import({ region, year }: { region: string; year: string }) {
  const { t } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [text, setText] = useState("");
  const [preview, setPreview] = useState<YearPreview | null>(null);
  const [error, setError] = useState<unknown>(null);
  const path = `/api/calendars/${region}/years/${year}`;
  const send = async <T,>(to: string): Promise<T | null> => {
    setError(null);
    try {
      const { region: _region, year: _year, ...body } = JSON.parse(text) as Record<string, unknown>;
      return await api.post<T>(to, body);
    } catch (failure) {
      setError(failure);
      return null;
    }
  };
  const look = async () => setPreview(await send<YearPreview>(`${path}/preview`));
  const bring = async () => {
    if (!(await send(path))) return;
    setPreview(null);
    setText("");
    await refresh();
    void message.success(t("imported"));
  };
  const isSound = preview !== null && preview.faults.every(({ severity }) => severity === "warning");
  return (
    <details>
      <summary>{t("importYear")}</summary>
      <label htmlFor="calendar-file">{t("importHelp")}</label>
      <Input.TextArea id="calendar-file" rows={6} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="row">
        <Button disabled={text.trim() === ""} onClick={() => void look()}>
          {t("previewImport")}
        </Button>
        <Button type="primary" disabled={!isSound} onClick={() => void bring()}>
          {t("importNow")}
        </Button>
      </div>
      {error !== null &&
        (error instanceof ApiProblem ? <Failure error={error} /> : <Alert type="error" title={t("notJson")} />)}
      {preview && <Preview preview={preview} />}
    </details>
  );
}

function Preview({ preview: { faults, days, affected } }: { preview: YearPreview }) {
  const { t, pick } = useText();
  return (
    <div role="status">
      {faults.map((fault) => (
        <Alert
          key={`${fault.code}${fault.date ?? ""}`}
          type={fault.severity}
          title={`${fault.date ?? ""} ${pick(fault.message)}`}
          description={pick(fault.mend)}
        />
      ))}
      <p>{t("dayChanges", { added: days.added.length, removed: days.removed.length, changed: days.changed.length })}</p>
      <p>
        {t("affectedDeadlines", {
          open: affected.open,
          later: affected.later,
          earlier: affected.earlier,
          kept: affected.kept,
        })}
      </p>
      <ul>
        {affected.examples.map((example) => (
          <li key={`${example.instanceId}${example.limitCode}`}>
            {example.caseNumber} {example.limitCode}: {chinaTime(example.from)} → {chinaTime(example.to)}{" "}
            {example.kept && t("keptDate")}
          </li>
        ))}
      </ul>
    </div>
  );
}

function TryIt({ region }: { region: string }) {
  const { t, term, list } = useText();
  const [from, setFrom] = useState("2026-09-30T16:00");
  const [amount, setAmount] = useState(10);
  const [unit, setUnit] = useState<(typeof units)[number]>("workday");
  const path = `/api/calendars/${region}/reckon${query({ from, amount: String(amount), unit })}`;
  const answer = useApi<Reckoned>(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(from) ? path : null);
  return (
    <section className="card">
      <h2>{t("tryIt")}</h2>
      <div className="row">
        <label htmlFor="try-from">{t("receivedAt")}</label>
        <input id="try-from" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        <label htmlFor="try-amount">+</label>
        <InputNumber id="try-amount" min={1} max={400} value={amount} onChange={(chosen) => setAmount(chosen ?? 1)} />
        <Select
          aria-label={t("unit")}
          value={unit}
          onChange={(chosen: (typeof units)[number]) => setUnit(chosen)}
          options={units.map((known) => ({ value: known, label: t(known) }))}
        />
      </div>
      <Loaded result={answer}>
        {(data) => (
          <>
            <p>
              = <strong>{chinaTime(data.dueAt)}</strong> <Tag>{term(`year_${data.confidence}`)}</Tag>
            </p>
            <p className="muted">
              {t("notCounted")}{" "}
              {list(data.skipped.map(({ date, name }) => `${date.slice(5)}${name ? ` ${name}` : ""}`)) || "—"}
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}

function Changes({ changes }: { changes: CalendarList["changes"] }) {
  const { t, pick } = useText();
  return (
    <section className="card">
      <h2>{t("imports")}</h2>
      <ul className="timeline">
        {changes.map((change) => (
          <li key={change.version}>
            <span className="muted">{chinaTime(change.at)}</span> {change.by} {pick(change.reason)} ·{" "}
            {t("recomputed", { looked: change.lookedAt, moved: change.moved })}{" "}
            <Tag>{change.finishedAt ? t("finished") : t("underWay")}</Tag>
          </li>
        ))}
        {changes.length === 0 && <li>{t("empty")}</li>}
      </ul>
    </section>
  );
}
