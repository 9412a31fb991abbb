export type { Frame, IdentifierKind, Notice, View } from './view.ts'
