import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Badge, Button, Checkbox, Input, Modal, Segmented } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { z } from "zod";
import type { taskPage, TaskSummary } from "../../server/api/tasks/tasks.schema.ts";
import { api, query } from "../api/client.ts";
import { useAttempt } from "../parts/attempt.ts";
import { useText } from "../i18n/i18n.ts";
import { BatchBar } from "../parts/handing/batch-bar.tsx";
import { TaskMarks } from "../parts/handing/task-marks.tsx";
import { useNews, useRefreshAll } from "../parts/live.ts";
import { Failure, Page, useAhead } from "../parts/page.tsx";
import { Signal } from "../parts/signal.tsx";
import { CopiedList } from "../parts/talk/copied-list.tsx";
import { DraftList } from "../parts/talk/draft-list.tsx";
import { chinaTime } from "../parts/time.ts";

type TaskPage = z.infer<typeof taskPage>;
type TaskView = "mine" | "unclaimed" | "waiting" | "done";
type View = TaskView | "copies" | "drafts";
const ofTasks: ReadonlySet<View> = new Set<View>(["mine", "unclaimed", "waiting", "done"]);

/** The task inbox: sorted by due time, live, and usable from the keyboard alone. */
export function Inbox() {
  const { t, pick } = useText();
  const navigate = useNavigate();
  const refreshAll = useRefreshAll();
  const attempt = useAttempt();
  const ahead = useAhead();
  const [view, setView] = useState<View>("unclaimed");
  const [search, setSearch] = useState("");
  const [selected, setSelected] = useState(0);
  const [marked, setMarked] = useState<readonly string[]>([]);
  const [claiming, setClaiming] = useState<string | null>(null);
  const [help, setHelp] = useState(false);
  const searchBox = useRef<InputRef>(null);
  const news = useNews(["task", "clock"]);
  const pages = useInfiniteQuery({
    queryKey: ["tasks", view, search],
    queryFn: ({ pageParam }) => api.get<TaskPage>(`/api/tasks${query({ view, search, cursor: pageParam })}`),
    initialPageParam: "",
    enabled: ofTasks.has(view),
    getNextPageParam: (last) => last.nextCursor,
  });
  const tasks = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = pages.data?.pages[0]?.counts;
  // Whoever has work in hand and nothing to claim is shown the work, and not an empty list. Afterwards they choose.
  const [opened, setOpened] = useState(false);
  if (!opened && counts) {
    setOpened(true);
    if (view === "unclaimed" && counts.unclaimed === 0 && counts.mine > 0) setView("mine");
  }
  const refresh = async () => {
    news.clear();
    await refreshAll();
  };
  const claim = async (task: TaskSummary) => {
    // A second click while the first is under way would be told that somebody has the task: themselves.
    if (claiming !== null) return;
    setClaiming(task.id);
    await attempt(async () => {
      await api.post(`/api/tasks/${task.id}/claim`, { rev: task.rev });
      await refresh();
    });
    setClaiming(null);
  };
  const open = ({ id, instanceId }: TaskSummary) => {
    ahead(`/api/tasks/${id}`, `/api/instances/${instanceId}`);
    void navigate(`/tasks/${id}`);
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (
        event.isComposing ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target?.closest("input, textarea, select, [role=dialog]")
      )
        return;
      const task = tasks[selected];
      if (event.key === "j") setSelected((at) => Math.min(at + 1, tasks.length - 1));
      else if (event.key === "k") setSelected((at) => Math.max(at - 1, 0));
      else if ((event.key === "Enter" || event.key === "o") && task && target?.tagName !== "BUTTON") open(task);
      else if (event.key === "c" && task && task.assignee === null) void claim(task);
      else if (event.key === "/") searchBox.current?.focus();
      else if (event.key === "?") setHelp(true);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });

  return (
    <Page title={t("menuInbox")} extra={<Button onClick={() => setHelp(true)}>{t("keys")}</Button>}>
      <div className="row card">
        <Segmented<View>
          style={{ maxWidth: "100%", overflowX: "auto" }}
          value={view}
          onChange={(value) => {
            setView(value);
            setMarked([]);
            setSelected(0);
          }}
          options={[
            { value: "mine", label: `${t("tabMine")} (${counts?.mine ?? 0})` },
            { value: "unclaimed", label: `${t("tabUnclaimed")} (${counts?.unclaimed ?? 0})` },
            { value: "waiting", label: `${t("tabWaiting")} (${counts?.waiting ?? 0})` },
            { value: "done", label: t("tabDone") },
            { value: "copies", label: t("copies") },
            { value: "drafts", label: t("drafts") },
          ]}
        />
        <Badge count={counts?.overdue ?? 0} title={t("overdue")} color="#b3261e" />
        <Input
          ref={searchBox}
          style={{ maxWidth: 300 }}
          allowClear
          aria-label={t("search")}
          placeholder={t("search")}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div aria-live="polite">
        {news.count > 0 && (
          <Alert
            type="info"
            title={
              <Button type="link" onClick={() => void refresh()}>
                {t("news", { count: news.count })}
              </Button>
            }
          />
        )}
      </div>
      {view === "copies" && <CopiedList />}
      {view === "drafts" && <DraftList />}
      {pages.error && <Failure error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.data && tasks.length === 0 && (
        <p className="card">
          {t("emptyInbox")}{" "}
          {view !== "unclaimed" && (counts?.unclaimed ?? 0) > 0 && (
            <Button type="link" onClick={() => setView("unclaimed")}>
              {t("emptyInboxUnclaimed", { count: counts?.unclaimed ?? 0 })}
            </Button>
          )}
        </p>
      )}
      <BatchBar tasks={tasks.filter(({ id }) => marked.includes(id))} onClear={() => setMarked([])} />
      <ul style={{ listStyle: "none", padding: 0 }} aria-label={t("menuInbox")}>
        {tasks.map((task, index) => (
          <li key={task.id} className="row" style={{ flexWrap: "nowrap", alignItems: "stretch" }}>
            {(view === "mine" || view === "unclaimed") && task.kind === "decide" && (
              <Checkbox
                aria-label={`${t("batchSelect")} ${pick(task.name)} ${task.caseNumber}`}
                checked={marked.includes(task.id)}
                onChange={({ target }) =>
                  setMarked((before) =>
                    target.checked ? [...before, task.id].slice(0, 100) : before.filter((id) => id !== task.id),
                  )
                }
              />
            )}
            <button
              type="button"
              className="task"
              data-selected={index === selected}
              onFocus={() => setSelected(index)}
              onClick={() => open(task)}
            >
              <Signal
                signal={task.signal}
                left={task.left}
                unit={task.unit}
                dueAt={task.dueAt}
                confidence={task.dueConfidence}
              />
              <span>
                <strong>{pick(task.name)}</strong> · {pick(task.subject)}
                <br />
                <span className="muted">
                  {task.caseNumber} · {pick(task.applicant.name)} → {pick(task.organisation.name)} · {t("arrived")}{" "}
                  {chinaTime(task.createdAt)}
                </span>
              </span>
              <TaskMarks task={task} />
            </button>
            {view === "unclaimed" && (
              <Button
                style={{ marginTop: 10 }}
                loading={claiming === task.id}
                onClick={() => void claim(task)}
                aria-label={`${t("claim")} ${pick(task.name)} ${task.caseNumber}`}
              >
                {t("claim")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{t("more")}</Button>}
      <Modal
        open={help}
        title={t("keys")}
        onCancel={() => setHelp(false)}
        footer={<Button onClick={() => setHelp(false)}>{t("close")}</Button>}
      >
        {t("keysHelp")}
      </Modal>
    </Page>
  );
}
