import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Segmented, Skeleton, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { z } from "zod";
import type { noticePage, PersonalNotice } from "../../../server/api/notices/notices.schema.ts";
import { api, query } from "../../api/client.ts";
import { useAttempt } from "../attempt.ts";
import { useText } from "../../i18n/i18n.ts";
import { Failure } from "../page.tsx";
import { useMe } from "../session.tsx";
import { chinaTime } from "../time.ts";
import { noticesKey } from "./bell.tsx";

type Page = z.infer<typeof noticePage>;

/** My notices, the newest first. Opening one marks it as read. */
export function NoticeList({ onOpened }: { onOpened?: () => void }) {
  const { t } = useText();
  const { now } = useMe();
  const client = useQueryClient();
  const [view, setView] = useState<"all" | "unread">("all");
  const pages = useInfiniteQuery({
    queryKey: [noticesKey, "list", view],
    queryFn: ({ pageParam }) =>
      api.get<Page>(
        `/api/notices${query({ limit: "20", cursor: pageParam, ...(view === "unread" ? { unread: "true" } : {}) })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const attempt = useAttempt();
  const refresh = () => client.invalidateQueries({ queryKey: [noticesKey] });
  const read = (id: string) =>
    attempt(async () => {
      await api.post(`/api/notices/${id}/read`, {});
      await refresh();
    });
  const readAll = () =>
    attempt(async () => {
      // Up to the newest that is shown: what arrives meanwhile stays unread.
      await api.post("/api/notices/read-all", { until: items[0]?.at ?? now });
      await refresh();
    });
  return (
    <>
      <div className="row">
        <Segmented
          value={view}
          onChange={setView}
          options={[
            { value: "all", label: t("noticeViewAll") },
            { value: "unread", label: t("noticeViewUnread") },
          ]}
        />
        <Button disabled={items.every(({ isRead }) => isRead)} onClick={() => void readAll()}>
          {t("noticeReadAll")}
        </Button>
      </div>
      {pages.error && <Failure error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isPending && <Skeleton active />}
      <ul className="notices" aria-label={t("noticeTitle")}>
        {items.map((notice) => (
          <Notice
            key={notice.id}
            notice={notice}
            onRead={() => void read(notice.id)}
            {...(onOpened ? { onOpened } : {})}
          />
        ))}
      </ul>
      {pages.data && items.length === 0 && <p className="muted">{t("noticeNone")}</p>}
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{t("more")}</Button>}
    </>
  );
}

function Notice({ notice, onRead, onOpened }: { notice: PersonalNotice; onRead: () => void; onOpened?: () => void }) {
  const { t, pick } = useText();
  const open = () => {
    if (!notice.isRead) onRead();
    onOpened?.();
  };
  return (
    <li data-read={notice.isRead}>
      <div className="row">
        <Link to={notice.path} onClick={open}>
          {pick(notice.subject)}
        </Link>
        {!notice.isRead && <Tag color="blue">{t("noticeUnread")}</Tag>}
        {notice.inSteadOf && <Tag color="blue">{t("handFor", { who: notice.inSteadOf.name })}</Tag>}
        {notice.isUrgent && <Tag color="error">{t("noticeUrgent")}</Tag>}
        {notice.isOvertaken && <Tag>{t("noticeOvertaken")}</Tag>}
      </div>
      <div>{pick(notice.body)}</div>
      <div className="row muted">
        <time dateTime={notice.at}>{chinaTime(notice.at)}</time>
        {!notice.isRead && (
          <Button size="small" onClick={onRead}>
            {t("noticeMarkRead")}
          </Button>
        )}
      </div>
    </li>
  );
}
