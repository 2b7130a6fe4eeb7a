import { describeClaim } from './claim-races.ts'

/** `npm run test:sim` tries each of them three times as often. */
describeClaim({ series: 8, kills: 14 })
