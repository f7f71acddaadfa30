import { applicationRoutes } from "./applications/applications.ts";
import { attachmentRoutes } from "./attachments/attachments.ts";
import { calendarRoutes } from "./calendars/calendars.ts";
import { choiceRoutes } from "./choices/choices.ts";
import { clockRoutes } from "./clock/clock.ts";
import { departureRoutes } from "./departures/departures.ts";
import { blockedRoutes } from "./blocked/blocked.ts";
import { definitionRoutes } from "./definitions/definitions.ts";
import { versionChangeRoutes } from "./definitions/version-changes.ts";
import { draftRoutes } from "./drafts/drafts.ts";
import { commentRoutes } from "./comments/comments.ts";
import { copyRoutes } from "./copies/copies.ts";
import { phraseRoutes } from "./phrases/phrases.ts";
import { urgeRoutes } from "./urges/urges.ts";
import { eventRoute } from "./events/events.ts";
import { forecastRoutes } from "./forecasts/forecasts.ts";
import { grantActionRoutes } from "./grants/grant-actions.ts";
import { grantRoutes } from "./grants/grants.ts";
import { instanceRoutes } from "./instances/instances.ts";
import { ledgerRoutes } from "./ledger/ledger.ts";
import { handingRoutes } from "./handing/handing.ts";
import { peopleRoutes } from "./people/people.ts";
import { jobRoutes } from "./jobs/jobs.ts";
import { messageRoutes } from "./messages/messages.ts";
import { noticeDeliveryRoutes } from "./notice-endpoints/notice-deliveries.ts";
import { noticeEndpointRoutes } from "./notice-endpoints/notice-endpoints.ts";
import { noticeRoutes } from "./notices/notices.ts";
import { caseOperationRoutes } from "./operations/case-operations.ts";
import { operationRoutes } from "./operations/operations.ts";
import { returnRoutes } from "./returns/returns.ts";
import { regionRoutes } from "./regions/regions.ts";
import { resourceRoutes } from "./resources/resources.ts";
import { whatIfRoutes } from "./what-if/what-if.ts";
import type { Route } from "./route.ts";
import { rulePackRoutes } from "./rule-packs/rule-packs.ts";
import { sessionRoutes } from "./session/session.ts";
import { signingRoutes } from "./signing/signing.ts";
import { simulationRoutes } from "./simulations/simulations.ts";
import { slaRoutes } from "./sla/sla.ts";
import { supervisionRoutes } from "./supervision/supervision.ts";
import { violationRoutes } from "./supervision/violations.ts";
import { startRoutes } from "./starts/starts.ts";
import { substitutionRoutes } from "./substitutions/substitutions.ts";
import { taskRoutes } from "./tasks/tasks.ts";
import { usageReportRoutes } from "./usage-reports/usage-reports.ts";

/** Every resource of the HTTP API. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...regionRoutes,
  ...resourceRoutes,
  ...applicationRoutes,
  ...startRoutes,
  ...taskRoutes,
  ...choiceRoutes,
  ...signingRoutes,
  ...handingRoutes,
  ...peopleRoutes,
  ...departureRoutes,
  ...substitutionRoutes,
  ...instanceRoutes,
  ...blockedRoutes,
  ...versionChangeRoutes,
  ...forecastRoutes,
  ...operationRoutes,
  ...grantRoutes,
  ...grantActionRoutes,
  ...usageReportRoutes,
  ...attachmentRoutes,
  ...draftRoutes,
  ...commentRoutes,
  ...copyRoutes,
  ...urgeRoutes,
  ...phraseRoutes,
  ...ledgerRoutes,
  ...whatIfRoutes,
  ...slaRoutes,
  ...supervisionRoutes,
  ...violationRoutes,
  ...calendarRoutes,
  ...definitionRoutes,
  ...rulePackRoutes,
  ...simulationRoutes,
  ...returnRoutes,
  ...caseOperationRoutes,
  ...jobRoutes,
  ...messageRoutes,
  ...clockRoutes,
  ...noticeRoutes,
  ...noticeEndpointRoutes,
  ...noticeDeliveryRoutes,
  eventRoute,
];
