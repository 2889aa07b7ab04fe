// SPDX-License-Identifier: MIT

package record

import "github.com/multiformats/go-multiaddr"

func (w *writer) address(address multiaddr.Multiaddr) {
	if address == nil {
		w.short("")
		return
	}
	w.short(string(withoutPeer(address).Bytes()))
}

func (w *writer) addresses(addresses []multiaddr.Multiaddr) {
	w.count(len(addresses))
	for _, address := range addresses {
		w.address(address)
	}
}

// withoutPeer cuts a last /p2p, which names the peer and no place; one before a circuit names the relay.
func withoutPeer(address multiaddr.Multiaddr) multiaddr.Multiaddr {
	rest, last := multiaddr.SplitLast(address)
	if last != nil && last.Protocol().Code == multiaddr.P_P2P && rest != nil {
		return rest
	}
	return address
}
