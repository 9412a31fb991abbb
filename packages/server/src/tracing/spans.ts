import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Sampling } from '../config.ts'
import { readTraceparent } from './traceparent.ts'

/** A span that begins. */
interface NewSpan {
  name: string
  kind?: SpanKind
  attributes: Attributes
}

/** The address of the collector, and which traces it is handed. */
export interface TracesTo {
  endpoint: string
  sampling: Sampling
}

/** What decides whether a trace is made. `parentbased`: a trace that another process has begun goes on as it began. */
function samplerOf({ sampler, share }: Sampling): Sampler {
  if (sampler.startsWith('parentbased_')) {
    const root = sampler.slice('parentbased_'.length) as Sampling['sampler']
    return new ParentBasedSampler({ root: samplerOf({ sampler: root, share }) })
  }
  if (sampler === 'traceidratio') return new TraceIdRatioBasedSampler(share)
  return sampler === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler()
}

/** The class of an error that may be told: the public code of a refusal, or the class of a provider's failure. */
function classOf(error: unknown): string {
  const { failure, code, name } = error as { failure?: unknown; code?: unknown; name?: unknown }
  for (const each of [failure, code, name])
    if (typeof each === 'string' && /^[\w.]{1,64}$/.test(each)) return each
  return 'error'
}

/** The context in which a trace goes on that somebody else has begun; that of a new one where there is none. */
function continued(traceparent: string | undefined): Context {
  const from: SpanContext | undefined = traceparent === undefined ? undefined : readTraceparent(traceparent)
  return from ? trace.setSpanContext(ROOT_CONTEXT, from) : ROOT_CONTEXT
}

/**
 * Makes spans and hands them to a collector, some seconds after they have ended and some hundred together. Nothing of it is
 * shared by the whole process.
 *
 * @example const { within } = createSpans({ endpoint: 'http://127.0.0.1:4318', sampling })
 */
export function createSpans({ endpoint, sampling }: TracesTo) {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    sampler: samplerOf(sampling),
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': 'countersign' })),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('countersign')
  const contexts = new AsyncLocalStorageContextManager().enable()
  return {
    /** Begins a span in the trace that another process has begun, or in a new one. */
    start: ({ name, ...options }: NewSpan, traceparent?: string): Span =>
      tracer.startSpan(name, options, continued(traceparent)),
    /** Runs something of which a span tells; what it begins is below that. */
    run: <T>(span: Span, work: () => T): T => contexts.with(trace.setSpan(ROOT_CONTEXT, span), work),
    /** Runs something in a span of its own, below that of what is under way, which ends with it. */
    async within<T>({ name, ...options }: NewSpan, work: (span: Span) => Promise<T>): Promise<T> {
      const span = tracer.startSpan(name, options, contexts.active())
      try {
        return await contexts.with(trace.setSpan(contexts.active(), span), () => work(span))
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        span.setAttribute('error.type', classOf(error))
        throw error
      } finally {
        span.end()
      }
    },
    /** Hands on what has not been handed on yet. */
    async flush(): Promise<void> {
      // Who looks at the collector sees that it is away; nothing of ours depends on it.
      await provider.forceFlush().catch(() => undefined)
    },
    async stop(): Promise<void> {
      // As above: who looks at the collector sees it.
      await provider.shutdown().catch(() => undefined)
    },
  }
}
