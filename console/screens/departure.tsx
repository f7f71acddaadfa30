import { App, Button, Input } from "antd";
import { useState } from "react";
import type { HandedOverView, OpenWorkView } from "../../server/api/departures/departures.schema.ts";
import type { Substitutions } from "../../server/api/substitutions/substitutions.schema.ts";
import { api } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { PersonPicker } from "../parts/handing/person-picker.tsx";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { useMe } from "../parts/session.tsx";
import { chinaTime } from "../parts/time.ts";

/** Signs somebody off who leaves: what they have in hand, to whom it goes, and what became of each task. */
export function DepartureScreen() {
  const { t } = useText();
  const mine = useApi<Substitutions>("/api/substitutions");
  return (
    <Page title={t("departureTitle")}>
      <p className="muted">{t("departureHelp")}</p>
      <Loaded result={mine}>
        {({ organisations }) => (
          <Departure organisations={organisations.filter(({ head }) => head)} all={organisations} />
        )}
      </Loaded>
    </Page>
  );
}

type Organisations = Substitutions["organisations"];

function Departure({ organisations, all }: { organisations: Organisations; all: Organisations }) {
  const { t, pick, aside } = useText();
  const me = useMe();
  const { modal } = App.useApp();
  const refresh = useRefreshAll();
  const [leaver, setLeaver] = useState<string | null>(null);
  const [successor, setSuccessor] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [results, setResults] = useState<HandedOverView["items"] | null>(null);
  const work = useApi<OpenWorkView>(leaver === null ? null : `/api/people/${leaver}/open-work`);
  const here = organisations.length > 0 ? organisations : all;
  const go = () =>
    modal.confirm({
      title: t("departureConfirm"),
      okText: t("departureGo"),
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          const { items } = await api.post<HandedOverView>(`/api/people/${leaver}/leave`, { successor, reason });
          setResults(items);
          setLeaver(null);
          await refresh();
        } catch (failure) {
          setError(failure);
        }
      },
    });
  if (results)
    return (
      <section className="card">
        <h2>{t("departureResult")}</h2>
        <ul>
          {results.map(({ taskId, caseNumber, to, because }) => (
            <li key={taskId}>
              {caseNumber} → {to?.name ?? t("departureBack")}
              {because && aside(pick(because))}
            </li>
          ))}
        </ul>
        <Button onClick={() => setResults(null)}>{t("close")}</Button>
      </section>
    );
  return (
    <section className="card">
      {error !== null && <Failure error={error} />}
      <PersonPicker
        id="departure-leaver"
        label={`${t("departureLeaver")} (${t("required")})`}
        organisations={here}
        value={leaver}
        onChange={setLeaver}
        without={me.id}
      />
      {leaver !== null && <Loaded result={work}>{(data) => <Preview work={data} />}</Loaded>}
      <PersonPicker
        id="departure-successor"
        label={t("departureSuccessor")}
        organisations={here}
        value={successor}
        onChange={setSuccessor}
        without={leaver}
        allowClear
      />
      <label className="field">
        <span>{`${t("handReason")} (${t("required")})`}</span>
        <Input value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Button
        type="primary"
        danger
        disabled={leaver === null || !work.data || reason.trim() === ""}
        onClick={() => void go()}
      >
        {t("departureGo")}
      </Button>
    </section>
  );
}

function Preview({ work }: { work: OpenWorkView }) {
  const { t, pick } = useText();
  return (
    <>
      <p>{work.posts.map(({ organisation, role }) => `${pick(organisation.name)} ${pick(role)}`).join(" · ")}</p>
      <h2>{t("departureTasks", { count: work.tasks.length })}</h2>
      <ul>
        {work.tasks.map((task) => (
          <li key={task.id}>
            {task.caseNumber} · {pick(task.name)} · {pick(task.subject)} · {chinaTime(task.dueAt)}
          </li>
        ))}
      </ul>
      <p>
        {t("departureAsked", { count: work.asked })} · {t("departureSubstitutions", { count: work.substitutions })}
      </p>
    </>
  );
}
