"""The door for enterprises and the public: their own pages, plain, able to stand on another network."""
