import type { moves as english } from '../en/moves.ts'
import type { Translation } from '../translation.ts'

/** Moves of messages to another connection, step by step. */
export const moves: Translation<typeof english> = {
  moves: {
    begin: '逐步切换到此连接',
    beginNamed: name => `逐步切换到${name}`,
    beginText:
      '先让 5% 的消息优先经由此连接发送，然后依次提高到 25%、50% 和 100%。其他连接排在其后，在它无法发送时使用。',
    nextText:
      '每一步会自动进行：至少满一小时，此连接和其他连接各有 50 条消息，且验证码的使用率不低于其他连接。',
    fallText:
      '如果验证码使用率下降、较多消息发送失败，或该连接暂停使用，会自动退回。您可以随时加速、停止或撤销。',
    beginNow: '从 5% 开始',
    moveNamed: name => `正在切换到${name}`,
    states: {
      moving: share => `切换中：${share}%`,
      done: () => '已完成切换',
      stopped: share => `已停在 ${share}%`,
      fallen: () => '已退回起点',
      undone: () => '已撤销',
    },
    since: time => `本步骤开始于 ${time}。`,
    waits: {
      time: '需满足最短时间后才进入下一步：一小时，最后一步为一天。',
      numbers: '需有 50 条发送满 15 分钟的消息后才进入下一步。',
      others: '其他连接在相同国家或地区需有 50 条消息后才进入下一步。',
      behind: '暂不进入下一步：验证码使用率低于其他连接，但可能只是偶然。',
      failing: '暂不进入下一步：发送失败的消息多于其他连接。',
      nothing: '下一步操作将在一分钟内执行。',
    },
    sent: (sent, failed) => `本步骤消息：${sent} 条，其中 ${failed} 条发送失败。`,
    used: (verified, counted, percent) => `已使用的验证码：${counted} 条中的 ${verified} 条（${percent}%）。`,
    usedOf: (verified, counted, percent, expected) =>
      `已使用的验证码：${counted} 条中的 ${verified} 条（${percent}%）；其他连接为 ${expected}%。`,
    step: '立即进入下一步',
    finish: '立即完成',
    stepNamed: name => `立即进入切换到${name}的下一步`,
    stop: '停止',
    stopNamed: name => `停止切换到${name}`,
    undo: '撤销',
    undoNamed: name => `撤销切换到${name}`,
    undoText: '该连接将排在所有其他连接之后，仅在它们无法发送时使用。',
    percent: share => `${share}%`,
    history: '已进行的步骤',
    reasons: {
      begun: '开始',
      as_good: '验证码使用率不低于其他连接',
      worse: '退回：验证码使用率较低',
      failing: '退回：较多消息发送失败',
      resting: '退回：该连接暂停使用或被停用',
      faster: '手动进行',
      stopped: '停止',
      undone: '撤销',
      changed: '停止：流量比例或顺序已被手动更改',
      off: '停止：该连接已停用',
    },
  },
}
