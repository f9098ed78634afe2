/// What all HTTP endpoints share: problems, limits, filters, the administrator's token and port, the API
/// document, JSON settings, HTTP metrics, the URLs of static assets. Owns no table and calls only `shared`.
/// Features, `session` and `dynamo` may call it.
///
/// A request passes, in this order (numbers in [FilterOrder]):
///
/// | Order | Who | What it does |
/// |---|---|---|
/// | before the codec | [Connections] | bounds the time of a head and the bytes of all bodies |
/// | after the codec | [Compressor] | compresses answers |
/// | filter 1200 | [RequestRepairs] | makes readable what is sent in an odd way |
/// | filter 1100 | [SecurityHeaders] | has the answer say who may keep it, and more |
/// | filter 1000 | [HttpLimits] | tells [Connections] that the head is complete |
/// | filter 900 | [TraceHeaderFilter] | names the trace in `X-Amzn-Trace-Id` |
/// | filter 320 | [ResponseHeaderFilter] | adds the headers of other packages, such as the fallback Region |
/// | filter 310 | `session.SameOriginFilter` | removes the `Origin` of this site's own pages |
/// | filter 300 | Quarkus | CORS |
/// | filter 250 | [HttpLimits] | refuses large or malformed requests with a problem, cuts slow bodies |
/// | filter 245 | `limits.LoadShedding` | refuses what is too much for the process |
/// | filter 240 | `limits.RateLimits` | refuses callers that ask for too much |
/// | route -1 | [ApiDocument], [Assets] | the API document, cache headers of assets |
/// | route | [BodyLimit] | the size of a body by its content type |
/// | REST, before the match | [AdminPortFilter] | `/admin/**` is 404 on the main port |
/// | REST 1000 | `session.BearerFilter`, `StaffFilter`, `SessionFilter` | who calls |
/// | endpoint | `*Resource` of a feature | |
/// | REST 4000, on the way out | [ErrorPageFilter] | problems become pages for browsers |
///
/// Failures become problems in [ProblemMapper] (endpoints) and [ProblemRoutes] (everything before them).
package dev.meridian.http;
