import { useMutation } from "@tanstack/react-query";
import { Button, Checkbox, Input, Spin } from "antd";
import { useState } from "react";
import type { ResourceSummary } from "../../../server/api/resources/resources.schema.ts";
import type { WhatIfAnswer, WhatIfOptions } from "../../../server/api/what-if/what-if.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { useMe } from "../session.tsx";
import { ImaginedWay } from "./imagined-way.tsx";
import { SelectField } from "../select-field.tsx";

const personalInfos = ["none", "pi", "sensitive", "tenMillion"] as const;

/** A case in a few words, and the way that it would go; beside it the same case of the other levels. */
export function CaseQuestion({ applicants }: { applicants: WhatIfOptions["applicants"] }) {
  const me = useMe();
  const { t, pick, term } = useText();
  const resources = useApi<{ items: ResourceSummary[] }>("/api/resources?limit=100");
  const own = applicants.find(({ id }) => me.posts.some((post) => post.organisation.id === id));
  const [organisationId, setOrganisation] = useState(own?.id ?? applicants[0]?.id ?? "");
  const [resourceId, setResource] = useState<string | null>(null);
  const [personalInfo, setPersonalInfo] = useState<(typeof personalInfos)[number]>("none");
  const [date, setDate] = useState(me.now.slice(0, 10));
  const [besideOtherLevels, setBeside] = useState(true);
  const asked = useMutation({
    mutationFn: () =>
      api.post<WhatIfAnswer>("/api/what-if", {
        resourceId,
        organisationId,
        request: { personalInfo },
        date,
        besideOtherLevels,
      }),
  });
  return (
    <>
      <p className="muted">{t("whatIfIntro")}</p>
      <Loaded result={resources}>
        {({ items }) => (
          <form
            className="card"
            onSubmit={(event) => {
              event.preventDefault();
              asked.mutate();
            }}
          >
            <SelectField
              id="what-if-applicant"
              label={t("applicant")}
              showSearch={{ optionFilterProp: "label" }}
              value={organisationId}
              onChange={setOrganisation}
              options={applicants.map(({ id, name, level }) => ({
                value: id,
                label: `${pick(name)} · ${term(level)}`,
              }))}
            />
            <SelectField
              id="what-if-resource"
              label={t("catalogue")}
              showSearch={{ optionFilterProp: "label" }}
              value={resourceId}
              onChange={setResource}
              options={items.map(({ id, name, provider, shareClass, grade }) => ({
                value: id,
                label: `${pick(name)} · ${pick(provider.name)} · ${term(shareClass)} · ${t("grade")} ${grade}`,
              }))}
            />
            <SelectField
              id="what-if-personal"
              label={t("personal")}
              value={personalInfo}
              onChange={setPersonalInfo}
              options={personalInfos.map((value) => ({ value, label: term(value) }))}
            />
            <label className="field">
              <span>{t("submittedOn")}</span>
              <Input type="date" value={date} onChange={(event) => setDate(event.target.value)} />
            </label>
            <p>
              <Checkbox checked={besideOtherLevels} onChange={(event) => setBeside(event.target.checked)}>
                {t("besideLevels")}
              </Checkbox>
            </p>
            <Button type="primary" htmlType="submit" disabled={resourceId === null} loading={asked.isPending}>
              {t("ask")}
            </Button>
          </form>
        )}
      </Loaded>
      {asked.error && <Failure error={asked.error} />}
      {asked.isPending && <Spin aria-label={t("loading")} />}
      {asked.data && (
        <div className="side-by-side">
          {asked.data.cases.map((imagined) => (
            <ImaginedWay key={imagined.applicant.id} imagined={imagined} />
          ))}
        </div>
      )}
    </>
  );
}
