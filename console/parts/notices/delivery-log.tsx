import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Segmented, Skeleton, Tag } from "antd";
import { useState } from "react";
import type { z } from "zod";
import type { deliveryPage, NoticeDelivery } from "../../../server/api/notice-endpoints/notice-endpoints.schema.ts";
import { api, query } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";
import { useChannelFault } from "./channel-fault.ts";
import { kindKey } from "./kind-key.ts";
import { chinaTime } from "../time.ts";

const views = ["all", "waiting", "sent", "overtaken", "dead"] as const;
const colours = { waiting: "processing", sent: "success", overtaken: "default", dead: "error" } as const;

/** What became of each delivery; one that was given up can be tried again. */
export function DeliveryLog() {
  const { t, term } = useText();
  const refresh = useRefreshAll();
  const attempt = useAttempt();
  const [view, setView] = useState<(typeof views)[number]>("all");
  const pages = useInfiniteQuery({
    queryKey: ["/api/notice-deliveries", view],
    queryFn: ({ pageParam }) =>
      api.get<z.infer<typeof deliveryPage>>(
        `/api/notice-deliveries${query({ cursor: pageParam, ...(view === "all" ? {} : { state: view }) })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const retry = (id: string) =>
    attempt(async () => {
      await api.post(`/api/notice-deliveries/${id}/retry`, {});
      await refresh();
    });
  return (
    <section className="card">
      <h2>{t("noticeLog")}</h2>
      <div className="scrolls">
        <Segmented
          size="small"
          value={view}
          onChange={setView}
          options={views.map((known) => ({ value: known, label: term(`noticeState_${known}`) }))}
        />
      </div>
      {pages.error && <Failure error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isPending && <Skeleton active />}
      <ul className="notices" aria-label={t("noticeLog")}>
        {items.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} onRetry={() => void retry(delivery.id)} />
        ))}
      </ul>
      {pages.data && items.length === 0 && <p className="muted">{t("empty")}</p>}
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{t("more")}</Button>}
    </section>
  );
}

function Delivery({ delivery, onRetry }: { delivery: NoticeDelivery; onRetry: () => void }) {
  const { t, term } = useText();
  const faultOf = useChannelFault();
  return (
    <li>
      <div className="row">
        <Tag color={colours[delivery.state]}>{term(`noticeState_${delivery.state}`)}</Tag>
        <span>{term(`noticeChannel_${delivery.channel}`)}</span>
        <span>{delivery.endpoint?.name ?? delivery.person?.name}</span>
        <span title={delivery.kind}>{term(kindKey(delivery.kind))}</span>
        {delivery.caseNumber !== null && <span>{delivery.caseNumber}</span>}
        {delivery.state === "dead" && (
          <Button size="small" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
      </div>
      <div className="muted">
        {chinaTime(delivery.createdAt)} · {t("noticeAttempts", { count: delivery.attempts })}
        {delivery.state === "waiting" && ` · ${t("noticeNext")} ${chinaTime(delivery.nextAt)}`}
        {delivery.lastError !== null && ` · ${faultOf(delivery.lastError)}`}
      </div>
    </li>
  );
}
