import { expect, test } from 'vitest'
import { beginOf, DAY, dayAt, dayName, dayNumber, offsetsBetween, zoneOf } from './days.ts'

const HOUR = 60 * 60_000
const iso = (moment: number) => new Date(moment).toISOString()

test.each([
  ['UTC', '2026-03-08', '2026-03-08T00:00:00.000Z'],
  ['Asia/Shanghai', '2026-03-08', '2026-03-07T16:00:00.000Z'],
  ['Asia/Kathmandu', '2026-03-08', '2026-03-07T18:15:00.000Z'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
  ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-03-08', '2026-03-07T10:00:00.000Z'],
  ['Pacific/Pago_Pago', '2026-03-08', '2026-03-08T11:00:00.000Z'],
  // Clocks there go from midnight to one: the day has no midnight.
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z'],
])('in %s the day %s begins at %s', (name, day, expected) => {
  const zone = zoneOf(name)!
  const begin = beginOf(zone, dayNumber(day))
  expect(iso(begin)).toBe(expected)
  expect(dayAt(zone, begin)).toBe(day)
  expect(dayAt(zone, begin - 1)).toBe(dayName(dayNumber(day) - 1))
})

test('offsets change when clocks do, and days counted by them are those of the clocks', () => {
  const zone = zoneOf('America/New_York')!
  const [begin, end] = [beginOf(zone, dayNumber('2025-11-01')), beginOf(zone, dayNumber('2026-11-30'))]
  const offsets = offsetsBetween(zone, begin, end)
  expect(offsets.map(({ from, ahead }) => [Number.isFinite(from) ? iso(from) : '', ahead / HOUR])).toEqual([
    ['', -4],
    ['2025-11-02T06:00:00.000Z', -5],
    ['2026-03-08T07:00:00.000Z', -4],
    ['2026-11-01T06:00:00.000Z', -5],
  ])
  for (let moment = begin; moment < end; moment += 5 * HOUR) {
    const { ahead } = offsets.findLast(({ from }) => from <= moment)!
    expect(dayName((moment + ahead) / DAY)).toBe(dayAt(zone, moment))
  }
})

test('what is no time zone and no day is none', () => {
  expect(zoneOf('Mars/Olympus')).toBeUndefined()
  expect(dayNumber('2026-02-30')).toBeNaN()
  expect(dayNumber('2026-02-28')).toBe(Date.UTC(2026, 1, 28) / DAY)
})
