import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Modal, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { z } from "zod";
import type { CopyDetail, copyPage, CopySummary } from "../../../server/api/copies/copies.schema.ts";
import { api, query } from "../../api/client.ts";
import { fieldsOf } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";
import { ReadValue } from "../forms/read-value.tsx";
import { formOf } from "../forms/wire.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

type CopyPage = z.infer<typeof copyPage>;

/** What was copied to me; opening one is its receipt. */
export function CopiedList() {
  const { t } = useText();
  const refresh = useRefreshAll();
  const [open, setOpen] = useState<string | null>(null);
  const pages = useInfiniteQuery({
    queryKey: ["copies"],
    queryFn: ({ pageParam }) => api.get<CopyPage>(`/api/copies${query({ cursor: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
  });
  const copies = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      {pages.error && <Failure error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.data && copies.length === 0 && <p className="card">{t("copiesEmpty")}</p>}
      <ul className="plain" aria-label={t("copies")}>
        {copies.map((copy) => (
          <CopyLine key={copy.id} copy={copy} onOpen={() => setOpen(copy.id)} />
        ))}
      </ul>
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{t("more")}</Button>}
      <Modal
        open={open !== null}
        title={t("copies")}
        onCancel={() => {
          setOpen(null);
          void refresh();
        }}
        footer={null}
      >
        {open && <Copy id={open} />}
      </Modal>
    </>
  );
}

function CopyLine({ copy, onOpen }: { copy: CopySummary; onOpen: () => void }) {
  const { t, pick, term, aside } = useText();
  return (
    <li className="card row">
      <Tag color={copy.readAt ? "default" : "processing"}>
        {copy.readAt ? t("copyReadAt", { at: chinaTime(copy.readAt) }) : t("copyUnread")}
      </Tag>
      <span className="break">
        <strong>{pick(copy.subject)}</strong> · {copy.caseNumber} · {term(`status_${copy.status}`)}
        <br />
        <span className="muted">
          {t("copyFrom")} {copy.by.name}
          {aside(pick(copy.by.organisation.name))} {chinaTime(copy.at)}
        </span>
      </span>
      <Button onClick={onOpen} aria-label={`${t("copyOpen")} ${copy.caseNumber}`}>
        {t("copyOpen")}
      </Button>
    </li>
  );
}

function Copy({ id }: { id: string }) {
  const { t, pick, term } = useText();
  const copy = useApi<CopyDetail>(`/api/copies/${id}`);
  return (
    <Loaded result={copy}>
      {(data) => (
        <>
          <p>
            <strong>{pick(data.subject)}</strong> · {data.caseNumber} · {term(`status_${data.status}`)}
            <br />
            {pick(data.applicant.name)} → {pick(data.provider.name)}
          </p>
          {data.note !== "" && <p className="said">{data.note}</p>}
          {data.instanceId ? (
            <Link to={`/cases/${data.instanceId}`}>{data.caseNumber}</Link>
          ) : data.fields.length === 0 ? (
            <p className="muted">{t("copyNothing")}</p>
          ) : (
            <Disclosed copy={data} />
          )}
        </>
      )}
    </Loaded>
  );
}

/** What was disclosed, as the application's form calls it; a value that the form does not know stays as it is. */
function Disclosed({ copy: { form, fields } }: { copy: CopyDetail }) {
  const { pick } = useText();
  const known = new Map(fieldsOf(form ? formOf(form).components : []).map((field) => [field.key, field]));
  return (
    <dl className="fields">
      {fields.map(({ name, value }) => {
        const field = known.get(name);
        return (
          <div key={name} style={{ display: "contents" }}>
            <dt>{field ? pick(field.label) : name}</dt>
            <dd>{field ? <ReadValue field={field} value={value} /> : JSON.stringify(value)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
