import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { ReplayAnswer, WhatIfOptions } from "../../../server/api/what-if/what-if.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { Failure } from "../page.tsx";
import { SelectField } from "../select-field.tsx";

/** A changed route table against the last real cases: who would have gone another way. */
export function TableReplay({ tables }: { tables: WhatIfOptions["tables"] }) {
  const { t } = useText();
  const [chosen, setChosen] = useState(0);
  const [dmn, setDmn] = useState("");
  const [last, setLast] = useState(100);
  const compared = useMutation({
    mutationFn: () => api.post<ReplayAnswer>("/api/what-if/replay", { ...tables[chosen], dmn, last }),
  });
  return (
    <>
      <p className="muted">{t("replayIntro")}</p>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          compared.mutate();
        }}
      >
        <SelectField
          id="replay-table"
          label={t("routeTable")}
          value={chosen}
          onChange={setChosen}
          options={tables.map(({ process, region }, value) => ({ value, label: `${process} · ${region}` }))}
        />
        <label className="field">
          <span>{t("dmnFile")}</span>
          <input
            type="file"
            accept=".dmn,.xml"
            onChange={(event) => void event.target.files?.[0]?.text().then(setDmn)}
          />
        </label>
        <label className="field">
          <span>{t("lastCases")}</span>
          <Input
            type="number"
            min={1}
            max={500}
            value={last}
            onChange={(event) => setLast(Number(event.target.value))}
          />
        </label>
        <Button type="primary" htmlType="submit" disabled={dmn === ""} loading={compared.isPending}>
          {t("replay")}
        </Button>
      </form>
      {compared.error && <Failure error={compared.error} />}
      {compared.data && <Changes answer={compared.data} />}
    </>
  );
}

function Changes({ answer }: { answer: ReplayAnswer }) {
  const { t, term, colon } = useText();
  return (
    <section className="card">
      <p role="status">{t("replayed", { looked: answer.looked, changed: answer.changed.length })}</p>
      <ul>
        {answer.changed.map(({ instanceId, caseNumber, changes }) => (
          <li key={instanceId}>
            <Link to={`/cases/${instanceId}`}>{caseNumber}</Link>
            <ul>
              {changes.map((change) => (
                <li key={`${change.element} ${change.change}`}>
                  {change.name}
                  {colon}
                  {term(`change_${change.change}`)} {change.from !== null && `${change.from} → ${change.to}`}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
