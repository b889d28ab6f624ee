
meta