import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Input, Select, Tag } from "antd";
import { useState } from "react";
import type { z } from "zod";
import type { arranged, Substitutions, SubstitutionView } from "../../server/api/substitutions/substitutions.schema.ts";
import type { people } from "../../server/api/people/people.schema.ts";
import { api, query } from "../api/client.ts";
import { useAttempt } from "../parts/attempt.ts";
import { useText } from "../i18n/i18n.ts";
import { PersonPicker } from "../parts/handing/person-picker.tsx";
import { useRefreshAll } from "../parts/live.ts";
import { Failure, Loaded, Page, useApi } from "../parts/page.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { useMe } from "../parts/session.tsx";
import { chinaTime, instantOf } from "../parts/time.ts";

/** Out of office: who stands in for whom, from when until when, and for what. */
export function AbsenceScreen() {
  const { t } = useText();
  const substitutions = useApi<Substitutions>("/api/substitutions");
  return (
    <Page title={t("absenceTitle")}>
      <p className="muted">{t("absenceHelp")}</p>
      <Loaded result={substitutions}>
        {(data) => (
          <>
            <section className="card">
              <h2>{t("absenceNew")}</h2>
              <NewSubstitution data={data} />
            </section>
            <section className="card">
              <h2>{t("absenceList")}</h2>
              {data.items.length === 0 && <p>{t("absenceNone")}</p>}
              <ul className="timeline">
                {data.items.map((item) => (
                  <Arranged key={item.id} item={item} processes={data.processes} />
                ))}
              </ul>
            </section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Arranged({ item, processes }: { item: SubstitutionView; processes: Substitutions["processes"] }) {
  const { t, term, pick } = useText();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const revoke = async () => {
    await attempt(() => api.post(`/api/substitutions/${item.id}/revoke`, {}));
    await refresh();
  };
  const scope = [
    ...(item.processes ?? []).map((key) => {
      const process = processes.find((known) => known.key === key);
      return process ? pick(process.name) : key;
    }),
    ...(item.roles ?? []).map(({ name }) => pick(name)),
    ...(item.highestGrade === null ? [] : [`${t("grade")} ≤ ${item.highestGrade}`]),
  ];
  return (
    <li>
      <div className="row">
        <strong>
          {item.person.name} → {item.substitute.name}
        </strong>
        <Tag>{term(`absence_${item.state}`)}</Tag>
        {scope.map((part) => (
          <Tag key={part}>{part}</Tag>
        ))}
        {item.mayRevoke && (
          <Button size="small" onClick={() => void revoke()}>
            {t("absenceRevoke")}
          </Button>
        )}
      </div>
      <div className="muted">
        {pick(item.organisation.name)} · {chinaTime(item.from)} – {chinaTime(item.until)} · {item.reason} ·{" "}
        {item.createdBy}
      </div>
    </li>
  );
}

const empty = { substitute: null as string | null, from: "", until: "", reason: "" };

function NewSubstitution({ data }: { data: Substitutions }) {
  const { t, pick, list } = useText();
  const me = useMe();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [organisation, setOrganisation] = useState(data.organisations[0]?.id ?? "");
  const [person, setPerson] = useState<string | null>(me.id);
  const [plan, setPlan] = useState(empty);
  const [processes, setProcesses] = useState<string[]>([]);
  const [roles, setRoles] = useState<string[]>([]);
  const [grade, setGrade] = useState<number | null>(null);
  const [uncovered, setUncovered] = useState<readonly string[]>([]);
  const at = data.organisations.find(({ id }) => id === organisation);
  const colleagues = useApi<z.infer<typeof people>>(
    organisation === "" ? null : `/api/people${query({ organisation })}`,
  );
  const own = colleagues.data?.items.find(({ id }) => id === person)?.roles ?? [];
  const here = at ? [at] : [];
  const sending = useMutation({
    mutationFn: async () => {
      const answer = await api.post<z.infer<typeof arranged>>("/api/substitutions", {
        person,
        substitute: plan.substitute,
        organisation,
        from: instantOf(plan.from),
        until: instantOf(plan.until),
        processes: processes.length === 0 ? null : processes,
        roles: roles.length === 0 ? null : roles,
        highestGrade: grade,
        reason: plan.reason,
      });
      setUncovered(answer.uncovered.map(({ name }) => name));
      setPlan(empty);
      void message.success(t("handDone"));
      await refresh();
    },
  });
  const complete = person && plan.substitute && plan.from !== "" && plan.until !== "" && plan.reason.trim() !== "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      {uncovered.length > 0 && <Alert type="warning" title={t("absenceUncovered", { who: list(uncovered) })} />}
      {data.organisations.length > 1 && (
        <SelectField<string>
          id="absence-organisation"
          label={t("organisation")}
          value={organisation}
          onChange={setOrganisation}
          options={data.organisations.map(({ id, name }) => ({ value: id, label: pick(name) }))}
        />
      )}
      {at?.head && (
        <PersonPicker
          id="absence-who"
          label={t("absenceWho")}
          organisations={here}
          value={person}
          onChange={setPerson}
        />
      )}
      <PersonPicker
        id="absence-substitute"
        label={`${t("absenceSubstitute")} (${t("required")})`}
        organisations={here}
        value={plan.substitute}
        onChange={(substitute) => setPlan({ ...plan, substitute })}
        without={person}
      />
      {(["from", "until"] as const).map((end) => (
        <label className="field" key={end}>
          <span>{`${t(end === "from" ? "absenceFrom" : "absenceUntil")} (${t("required")})`}</span>
          <Input
            type="datetime-local"
            value={plan[end]}
            onChange={(event) => setPlan({ ...plan, [end]: event.target.value })}
          />
        </label>
      ))}
      <label className="field">
        <span>{`${t("absenceReason")} (${t("required")})`}</span>
        <Input value={plan.reason} onChange={(event) => setPlan({ ...plan, reason: event.target.value })} />
      </label>
      <label className="field" htmlFor="absence-processes">
        <span>{t("absenceProcesses")}</span>
        <Select
          id="absence-processes"
          mode="multiple"
          style={{ width: "100%" }}
          value={processes}
          onChange={setProcesses}
          options={data.processes.map(({ key, name }) => ({ value: key, label: pick(name) }))}
        />
      </label>
      {own.length > 1 && (
        <label className="field" htmlFor="absence-roles">
          <span>{t("absenceRoles")}</span>
          <Select
            id="absence-roles"
            mode="multiple"
            style={{ width: "100%" }}
            value={roles}
            onChange={setRoles}
            options={own.map(({ code, name }) => ({ value: code, label: pick(name) }))}
          />
        </label>
      )}
      <SelectField<number>
        id="absence-grade"
        label={t("absenceGrade")}
        allowClear
        value={grade}
        onChange={(next) => setGrade(next ?? null)}
        options={[1, 2, 3, 4].map((value) => ({ value, label: String(value) }))}
      />
      <Button type="primary" htmlType="submit" loading={sending.isPending} disabled={!complete}>
        {t("absenceSave")}
      </Button>
    </form>
  );
}
