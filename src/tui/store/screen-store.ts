import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Size } from '../view-models/view-input.ts'

/** All that React hears of: that something changed, and how large the screen is. Log bytes never enter it. */
export type ScreenState = { readonly revision: number; readonly size: Size }
export type ScreenStore = StoreApi<ScreenState>

/** Makes the store of one screen. */
export function createScreenStore(size: Size): ScreenStore {
  return createStore<ScreenState>(() => ({ revision: 0, size }))
}

/** Draws again. */
export function bumpRevision(store: ScreenStore): void {
  store.setState(({ revision }) => ({ revision: revision + 1 }))
}
