import { describeClaim } from '../engine/remote-job/claim-races.ts'

describeClaim({ series: 24, kills: 40 })
