// Zod compiles its checks with `new Function` where it may. The page's content security policy forbids that,
// and the browser reports each try as a violation, so Zod is told before it loads.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
