import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input, Skeleton } from "antd";
import { useState } from "react";
import type { z } from "zod";
import type { ledgerPage } from "../../server/api/ledger/ledger.schema.ts";
import { api, query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { DecisionRecords, ExportLinks } from "../parts/decision-records.tsx";
import { Failure, Page } from "../parts/page.tsx";

/** One's own decisions, with what proves that they were taken with care; to read, print and take away. */
export function Ledger() {
  const { t } = useText();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const pages = useInfiniteQuery({
    queryKey: ["/api/ledger", from, to],
    queryFn: ({ pageParam }) =>
      api.get<z.infer<typeof ledgerPage>>(`/api/ledger${query({ from, to, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
  });
  return (
    <Page title={t("menuLedger")} extra={<Button onClick={() => window.print()}>{t("print")}</Button>}>
      <p className="muted">{t("ledgerIntro")}</p>
      <div className="row no-print">
        <label>
          {t("fromDay")} <Input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          {t("toDay")} <Input type="date" value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
      </div>
      <ExportLinks search={query({ from, to }).slice(1)} />
      <section className="card">
        {pages.error && <Failure error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isPending ? (
          <Skeleton active />
        ) : (
          pages.data && <DecisionRecords records={pages.data.pages.flatMap(({ items }) => items)} />
        )}
        {pages.hasNextPage && (
          <Button className="no-print" onClick={() => void pages.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
      </section>
    </Page>
  );
}
