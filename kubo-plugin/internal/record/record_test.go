// SPDX-License-Identifier: MIT

package record

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/ipfs/boxo/bitswap/message"
	pb "github.com/ipfs/boxo/bitswap/message/pb"
	blocks "github.com/ipfs/go-block-format"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
	"google.golang.org/protobuf/proto"
)

var at = time.Unix(0, 0x0102030405060708)

const header = 16

func checked(t *testing.T, kind Kind, bytes []byte, ok bool) []byte {
	t.Helper()
	if !ok || int(binary.LittleEndian.Uint32(bytes)) != len(bytes) {
		t.Fatalf("%v %x", ok, bytes)
	}
	if Kind(bytes[4]) != kind || hex.EncodeToString(bytes[6:header]) != "00000807060504030201" {
		t.Fatalf("%x", bytes[:header])
	}
	return bytes[header:]
}

func exampleMessage() message.BitSwapMessage {
	made := message.New(true)
	block := func(text string) blocks.Block { return blocks.NewBlock([]byte(text)) }
	made.AddEntry(block("want").Cid(), 2147483647, pb.Message_Wantlist_Have, true)
	made.AddEntry(block("negative").Cid(), -1, pb.Message_Wantlist_Block, false)
	made.Cancel(block("cancel").Cid())
	made.AddHave(block("have").Cid())
	made.AddDontHave(block("dont have").Cid())
	made.SetPendingBytes(-5)
	return made
}

func TestAMessageIsTheProtobufOfBitswap(t *testing.T) {
	given := exampleMessage()
	bytes, ok := AppendMessage(nil, Message, at, peer.ID("me"), given)
	fields := checked(t, Message, bytes, ok)
	prefix, _ := hex.DecodeString("02006d65" + "00" + "00000000" + "00000000")
	if string(fields[:len(prefix)]) != string(prefix) {
		t.Fatalf("%x", fields)
	}
	fields = fields[len(prefix):]
	if int(binary.LittleEndian.Uint32(fields)) != len(fields)-4 {
		t.Fatalf("%x", fields)
	}
	var got pb.Message
	if err := proto.Unmarshal(fields[4:], &got); err != nil {
		t.Fatal(err)
	}
	want := given.ToProtoV1()
	if len(got.Wantlist.Entries) != 3 || len(got.BlockPresences) != 2 || proto.Size(&got) != proto.Size(want) {
		t.Fatal(got.String())
	}
	for _, entry := range want.Wantlist.Entries {
		found := false
		for _, other := range got.Wantlist.Entries {
			found = found || proto.Equal(entry, other)
		}
		if !found {
			t.Fatal(entry, got.String())
		}
	}
	if got.PendingBytes != -5 || !got.Wantlist.Full {
		t.Fatal(got.String())
	}
}

func TestBlocksAreReducedToCidAndSize(t *testing.T) {
	given := message.New(false)
	block := blocks.NewBlock(make([]byte, 1<<20))
	given.AddBlock(block)
	bytes, ok := AppendMessage(nil, MessageSent, at, peer.ID(""), given)
	fields := checked(t, MessageSent, bytes, ok)
	if len(bytes) > 100 {
		t.Fatal(len(bytes))
	}
	cid := block.Cid().Bytes()
	want := append([]byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, byte(len(cid)), 0}, cid...)
	want = append(want, 0, 0, 0x10, 0, 2, 0, 0, 0, 0x0a, 0)
	if string(fields) != string(want) {
		t.Fatalf("\n%x\n%x", fields, want)
	}
}

func TestTextIsAlwaysValidAndFits(t *testing.T) {
	bytes, ok := AppendIdentifyFailed(nil, at, "c", "wrong \xff")
	fields := checked(t, Identified, bytes, ok)
	if bytes[5] != 4 || !strings.HasSuffix(string(fields), "wrong \uFFFD") {
		t.Fatalf("%q", fields)
	}
	bytes, ok = AppendSent(nil, at, Result{Before: at, Error: strings.Repeat("é", 40000)})
	fields = checked(t, Sent, bytes, ok)
	text := fields[8+1+8+8:]
	if size := int(binary.LittleEndian.Uint16(text)); size != 65534 || size != len(text)-2 {
		t.Fatal(size, len(text))
	}
}

func TestTheResultOfASend(t *testing.T) {
	bytes, ok := AppendSent(nil, at, Result{Send: 12, Protocol: "/ipfs/bitswap/1.1.0", Before: at, Took: 5})
	fields := checked(t, Sent, bytes, ok)
	if got := hex.EncodeToString(fields); got != "0c00000000000000"+"03"+"0807060504030201"+"0500000000000000"+"0000" {
		t.Fatal(got)
	}
}

func TestAddressesGoWithoutThePeerTheyLeadTo(t *testing.T) {
	const relay = "/ip4/1.2.3.4/tcp/1/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"
	for given, want := range map[string]string{
		relay:                   "/ip4/1.2.3.4/tcp/1",
		relay + "/p2p-circuit":  relay + "/p2p-circuit",
		"/ip4/1.2.3.4/tcp/4001": "/ip4/1.2.3.4/tcp/4001",
	} {
		bytes, ok := AppendAddresses(nil, at, []multiaddr.Multiaddr{multiaddr.StringCast(given)})
		fields := checked(t, Addresses, bytes, ok)
		if got, err := multiaddr.NewMultiaddrBytes(fields[4+2:]); err != nil || got.String() != want {
			t.Fatal(got, err)
		}
	}
}

func TestARecordFollowsWhatIsThere(t *testing.T) {
	first := AppendLost(nil, at, Message, 1)
	both, ok := AppendStreams(first, at, map[string]StreamCount{"/x": {1, 2}})
	if !ok || string(both[:len(first)]) != string(first) {
		t.Fatalf("%x", both)
	}
	fields := checked(t, Streams, both[len(first):], ok)
	if got := hex.EncodeToString(fields); got != "01000000"+"02002f78"+"01000000"+"02000000" {
		t.Fatal(got)
	}
}

func TestPeers(t *testing.T) {
	bytes, ok := AppendPeers(nil, at, []Peer{{ID: "p", Latency: 3, AgentVersion: "a", Protocols: []string{"/y"}}})
	fields := checked(t, Peers, bytes, ok)
	if got := hex.EncodeToString(fields); got != "01000000"+"010070"+"0300000000000000"+"010061"+"01000000"+"02002f79" {
		t.Fatal(got)
	}
}

func TestWhatIsTooLargeLeavesNothingBehind(t *testing.T) {
	peers := make([]Peer, 300)
	for i := range peers {
		peers[i].AgentVersion = strings.Repeat("x", 65535)
	}
	if bytes, ok := AppendPeers([]byte("before"), at, peers); ok || string(bytes) != "before" {
		t.Fatal(ok, len(bytes))
	}
}
