import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { useEffect, useRef, type ReactNode } from "react";
import { api, ApiProblem } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { useFailureWords } from "./attempt.ts";

/** A screen: its heading takes the focus after navigation, and the window's title follows it. */
export function Page({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  const { t } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const product = t("product");
  useEffect(() => {
    document.title = `${title} – ${product} Jieli`;
  }, [title, product]);
  // Only with a new heading: what the server tells in between must not take the focus from where somebody writes.
  const focused = useRef<string | null>(null);
  useEffect(() => {
    if (focused.current === title) return;
    focused.current = title;
    heading.current?.focus();
  }, [title]);
  return (
    <>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {extra}
      </div>
      {children}
    </>
  );
}

export function useApi<T>(path: string | null, keys: readonly string[] = []): UseQueryResult<T> {
  return useQuery({ ...queryFor<T>(path, keys), enabled: path !== null });
}

/** Asks at once for what the screen that opens will need. */
export function useAhead(): (...paths: readonly string[]) => void {
  const client = useQueryClient();
  return (...paths) => {
    for (const path of paths) void client.prefetchQuery(queryFor(path, []));
  };
}

function queryFor<T>(path: string | null, keys: readonly string[]) {
  return { queryKey: [...keys, path], queryFn: () => api.get<T>(path ?? "") };
}

/** Loading, failure and content of one query. */
export function Loaded<T>({ result, children }: { result: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (result.data !== undefined) return <>{children(result.data)}</>;
  if (result.error) return <Failure error={result.error} onRetry={() => void result.refetch()} />;
  return <Loading />;
}

export function Loading() {
  const { t } = useText();
  return (
    <div role="status" aria-label={t("loading")}>
      <Skeleton active />
    </div>
  );
}

/** What went wrong, where, and how to mend it. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t, pick } = useText();
  const wordsOf = useFailureWords();
  const details = error instanceof ApiProblem ? error.details : null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={wordsOf(error)}
      description={
        <>
          {details?.mend && <p>{pick(details.mend)}</p>}
          {details && details.problems.length > 0 && (
            <ul>
              {details.problems.map((problem) => (
                <li key={`${problem.code}${problem.place}`}>
                  {pick(problem.message)} {problem.place && <code>{problem.place}</code>}
                </li>
              ))}
            </ul>
          )}
          {details && (
            <small>
              {details.code} · {t("requestId")} {details.requestId}
            </small>
          )}
          {!details && error instanceof Error && <small>{error.message}</small>}
        </>
      }
      action={onRetry && <Button onClick={onRetry}>{t("retry")}</Button>}
    />
  );
}
